"""The rules of the articles, one module per subject and one small pure function per topic."""
