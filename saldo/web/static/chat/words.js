// The interface words of both languages. They come from the server's content files; there are none in here.

export const LANGUAGES = ["nl", "fi"];

export const spoken = (code) => LANGUAGES.find((language) => code?.toLowerCase().startsWith(language));

export class Words {
  #line;
  #known = {};

  constructor(line) {
    this.#line = line;
  }

  async speak(language) {
    this.#known[language] ??= await this.#line.call(`words/${language}`);
    this.language = language;
    this.contacts = this.#known[language].contacts;
  }

  says(name, values) {
    return (this.#known[this.language]?.[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }
}
