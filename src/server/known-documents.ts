import type { DocumentNode } from 'graphql';

const maxDocuments = 200;
const maxTextLength = 4096;

/** Documents that have passed validation, by their text, so that what clients send again and again is read once. */
export class KnownDocuments {
  /** The one used last at the end. */
  readonly #documents = new Map<string, DocumentNode>();
  #last = '';

  find(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text);
    if (document === undefined) return undefined;
    if (text !== this.#last) {
      this.#documents.delete(text);
      this.#documents.set(text, document);
      this.#last = text;
    }
    return document;
  }

  /** Long ones are not kept. */
  remember(text: string, document: DocumentNode): void {
    if (text.length > maxTextLength) return;
    this.#documents.set(text, document);
    this.#last = text;
    if (this.#documents.size <= maxDocuments) return;
    for (const oldest of this.#documents.keys()) {
      this.#documents.delete(oldest);
      break;
    }
  }
}
