// The interface words of both languages. They come from the server's content files; there are none in here.

export const LANGUAGES = ["nl", "fi"];

export const spoken = (code) => LANGUAGES.find((language) => code?.toLowerCase().startsWith(language));

export class Words {
  #line;
  #known = {};

  // `own` are the page's own words, by name.
  constructor(line, own) {
    this.#line = line;
    this.own = own;
  }

  async speak(language) {
    await this.add("first", language);
    this.language = language;
    this.contacts = this.#known[language].contacts;
  }

  // A part of the words; few need the later one.
  async add(part, language = this.language) {
    this.#known[language + part] ??= await this.#line.call(`words/${language}?part=${part}`);
    this.#known[language] = { ...this.#known[language], ...this.#known[language + part] };
  }

  says(name, values) {
    return (this.own(name) ?? this.#known[this.language]?.[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }
}
