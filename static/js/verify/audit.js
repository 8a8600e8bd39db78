/* Reads each record of a log once and hands it to the rule for its kind, as verify.py does. */

import { Books } from "./books.js";
import { Papers } from "./papers.js";

export class RecordReader {
  /* `found` takes the name of what broke, `read` gives the bytes of an earlier record. */
  constructor(found, read) {
    this.found = found;
    this.count = 0;
    this.community = null;
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    this.parse = (content) => JSON.parse(decoder.decode(content));
    this.books = new Books(found, (at) => this.parse(read(at)));
    this.papers = new Papers(found, this.books);
    this.takers = { ...this.books.takers, ...this.papers.takers };
  }

  /* What a record cannot say properly is named, and the reading goes on. */
  take(at, content) {
    this.count += 1;
    try {
      const fields = this.parse(content);
      if (!("kind" in fields && "community" in fields)) throw new TypeError("no record");
      this.community ??= fields.community;
      if (fields.community !== this.community) this.found(`entry ${at}`);
      if (Object.hasOwn(this.takers, fields.kind)) this.takers[fields.kind](at, fields);
    } catch {
      this.found(`entry ${at}`);
    }
  }

  /* What only the whole log can tell. */
  checkEnd() {
    this.books.approvals.checkEnd(this.count);
    this.papers.checkEnd();
  }
}
