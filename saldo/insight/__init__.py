"""What can be learnt from conversations: whether an answer helped."""
