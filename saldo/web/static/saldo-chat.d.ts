// Typings of <saldo-chat>. docs/widget.md explains its attributes, methods and events, docs/embedding.md how to use this file.

export type SaldoLanguage = "nl" | "fi";

/** Yields your JWT for who is signed in, or null for nobody; it is called again before a session ends. */
export type SaldoIdentity = () => string | null | undefined | Promise<string | null | undefined>;

export interface SaldoOpenOptions {
  /** What to ask, as if typed. */
  text?: string;
  /** The number of the invoice that is meant. */
  invoice?: string;
  /** false leaves the focus where it is. */
  focus?: boolean;
}

/** An answer: no text and no figures. */
export interface SaldoMessage {
  id: string;
  kind: "answer" | "clarify" | "small_talk" | "handover" | "out_of_scope" | "unsupported_language";
  topics: string[];
  language: SaldoLanguage;
  feedback: boolean;
}

/** `event.detail` by the name of the event. All of them bubble. */
export interface SaldoEvents {
  "saldo:ready": null;
  "saldo:open": null;
  "saldo:close": null;
  "saldo:message": SaldoMessage;
  "saldo:feedback": { id: string; topics: string[]; helpful: boolean };
  "saldo:handover": { reference: string };
  "saldo:language": { language: SaldoLanguage };
  /** Status 0 is no connection, 401 an identity that was refused. */
  "saldo:error": { status: number; message: string };
}

export type SaldoEventMap = { [name in keyof SaldoEvents]: CustomEvent<SaldoEvents[name]> };

export interface SaldoChatAttributes {
  /** Address of the channel; where the script came from unless given. */
  server?: string;
  language?: SaldoLanguage;
  /** A JWT; better the property of the same name, a function. */
  identity?: string;
  position?: "right" | "left" | "inline";
  theme?: "light" | "dark";
  /** What a conversation is about, such as an invoice. */
  context?: `invoice:${string}`;
  /** What it calls itself. */
  name?: string;
  /** Address of a picture beside that. */
  logo?: string;
  /** Text of the button that opens it. */
  launcher?: string;
  /** What it says first. */
  greeting?: string;
}

export class SaldoChat extends HTMLElement {
  identity: SaldoIdentity | null | undefined;
  /** Whether the panel is shown. */
  readonly opened: boolean;
  open(options?: SaldoOpenOptions): Promise<void>;
  close(): void;
  /** Say something for the customer, as if it had been typed. */
  send(text: string): Promise<void>;
  /** End the conversation, in all tabs and on the server; resolves once the server has ended it. */
  signOut(): Promise<void>;
  addEventListener<Name extends keyof SaldoEventMap>(
    name: Name, listener: (this: SaldoChat, event: SaldoEventMap[Name]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    name: Name, listener: (this: SaldoChat, event: HTMLElementEventMap[Name]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(name: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** In JSX. What is no attribute is set by the ref. */
export interface SaldoChatElement extends SaldoChatAttributes {
  id?: string;
  class?: string;
  className?: string;
  hidden?: boolean;
  slot?: string;
  style?: object;
  key?: string | number | null;
  ref?: { current: SaldoChat | null } | ((chat: SaldoChat | null) => unknown) | null;
}

declare global {
  interface HTMLElementTagNameMap {
    "saldo-chat": SaldoChat;
  }
  interface HTMLElementEventMap extends SaldoEventMap {}
  interface DocumentEventMap extends SaldoEventMap {}
}

// React 19 keeps JSX in its own module, versions before in the global scope.
declare global {
  namespace JSX {
    interface IntrinsicElements {
      "saldo-chat": SaldoChatElement;
    }
  }
}
// @ts-ignore: not every page has React
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "saldo-chat": SaldoChatElement;
    }
  }
}
