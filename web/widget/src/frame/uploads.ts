// Pictures and files on their way: chosen and looked at first, then sent, and sent again by themselves after a cut.

import { newId } from "@rapport/live";
import type { Attachment } from "@rapport/live";
import { HttpError } from "./http.ts";
import type { Http } from "./http.ts";
import type { Upload } from "./timeline.ts";

interface Running extends Upload {
  /** The conversation it was meant for. */
  thread: string | undefined;
  file: File;
  abort: () => void;
  /** It met no answer rather than a refusal. */
  cut?: boolean;
}

/** In the composer, not sent yet. */
export interface Staged {
  id: string;
  file: File;
  preview?: string;
}

interface Hooks {
  changed: () => void;
  ensure: () => Promise<void>;
  /** Stored: send it as a message with this id. */
  stored: (id: string, file: Attachment, thread: string | undefined, preview: string | undefined) => void;
  words: () => { failed: string; uploadCut: string; tooMany: (max: number) => string };
  say: (text: string) => void;
}

const STAGED_MAX = 10;

export class Uploads {
  staged: Staged[] = [];
  running: Running[] = [];

  constructor(
    private readonly http: Http,
    private readonly hooks: Hooks,
  ) {}

  stage(files: Iterable<File>): void {
    for (const file of files) {
      if (this.staged.length >= STAGED_MAX) {
        this.hooks.say(this.hooks.words().tooMany(STAGED_MAX));
        break;
      }
      const preview = file.type.startsWith("image/") ? { preview: URL.createObjectURL(file) } : {};
      this.staged = [...this.staged, { id: newId(), file, ...preview }];
    }
    this.hooks.changed();
  }

  unstage(id: string): void {
    const it = this.staged.find((staged) => staged.id === id);
    if (it?.preview) URL.revokeObjectURL(it.preview);
    this.staged = this.staged.filter((staged) => staged !== it);
    this.hooks.changed();
  }

  /** All that is staged, in its order: the next begins when the one before is stored. */
  async sendStaged(thread: string | undefined): Promise<void> {
    const taken = this.staged.splice(0);
    this.running = [...this.running, ...taken.map(({ id, file, preview }) => ({ id, thread, file, name: file.name || "image.png", bytes: file.size, percent: 0, abort: () => undefined, ...(preview ? { preview } : {}) }))];
    this.hooks.changed();
    for (const { id } of taken) await this.run(id);
  }

  async run(id: string): Promise<void> {
    const it = this.running.find((running) => running.id === id);
    if (!it) return;
    it.percent = 0;
    delete it.problem;
    delete it.cut;
    this.hooks.changed();
    try {
      await this.hooks.ensure();
      const { done, abort } = this.http.upload(it.file, (percent) => {
        it.percent = percent;
        this.hooks.changed();
      });
      it.abort = abort;
      const file = await done;
      if (!this.running.includes(it)) return;
      this.running = this.running.filter((running) => running !== it);
      this.hooks.stored(it.id, file, it.thread, it.preview);
    } catch (error) {
      it.cut = error instanceof HttpError && (error.status === 0 || error.status >= 500);
      const words = this.hooks.words();
      it.problem = it.cut ? words.uploadCut : (error instanceof HttpError && error.advice) || words.failed;
      this.hooks.changed();
    }
  }

  /** The connection is back. */
  async resume(): Promise<void> {
    for (const { id } of this.running.filter((it) => it.cut)) await this.run(id);
  }

  drop(id: string): void {
    this.running.find((it) => it.id === id)?.abort();
    this.running = this.running.filter((it) => it.id !== id);
    this.hooks.changed();
  }
}
