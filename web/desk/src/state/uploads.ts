// Files on their way into a conversation: uploaded as soon as they are chosen, said when one presses send, even if
// the upload ends later or another conversation is open by then.

import { newId } from "@rapport/live";
import type { Attachment, SentContent } from "@rapport/live";
import { api, Fault, Store, useSelect } from "@rapport/ui";

export interface UploadItem {
  id: string;
  conversation: string;
  name: string;
  bytes: number;
  /** Of a picture: an address in memory. */
  preview: string | undefined;
  /** 0 to 1 */
  part: number;
  file: Attachment | undefined;
  fault: Fault | undefined;
  /** One pressed send: it is said as soon as it is there. */
  sent: boolean;
}

interface Work {
  source: File;
  cancel: () => void;
}

export interface UploadOptions {
  say: (conversation: string, content: SentContent) => void;
  /** For tests. */
  send?: (source: File, onProgress: (part: number) => void) => { done: Promise<Attachment>; cancel: () => void };
}

export class Uploads {
  readonly store = new Store<readonly UploadItem[]>([]);
  private readonly work = new Map<string, Work>();

  constructor(private readonly options: UploadOptions) {}

  add(conversation: string, files: Iterable<File>): void {
    for (const source of files) {
      const id = newId();
      const preview = source.type.startsWith("image/") ? URL.createObjectURL(source) : undefined;
      this.store.set((all) => [...all, { id, conversation, name: source.name, bytes: source.size, preview, part: 0, file: undefined, fault: undefined, sent: false }]);
      this.run(id, source);
    }
  }

  retry(id: string): void {
    const work = this.work.get(id);
    if (work) this.run(id, work.source);
  }

  remove(id: string): void {
    this.work.get(id)?.cancel();
    this.forget(id);
  }

  /** Says what is uploaded and marks the rest to be said once it is. */
  send(conversation: string): void {
    for (const item of this.store.get()) if (item.conversation === conversation && !item.sent && !item.fault) this.patch(item.id, { sent: true });
    this.sayReady(conversation);
  }

  private run(id: string, source: File): void {
    const send = this.options.send ?? ((file: File, onProgress: (part: number) => void) => api.upload<Attachment>("/uploads", file, onProgress));
    this.patch(id, { part: 0, fault: undefined });
    const { done, cancel } = send(source, (part) => this.patch(id, { part }));
    this.work.set(id, { source, cancel });
    done.then(
      (file) => {
        this.patch(id, { file, part: 1 });
        const item = this.store.get().find((it) => it.id === id);
        if (item) this.sayReady(item.conversation);
      },
      (error: unknown) => {
        if ((error as Error | undefined)?.name === "AbortError") this.forget(id);
        else this.patch(id, { fault: Fault.of(error) });
      },
    );
  }

  /** In the order chosen: one still on its way holds back those after it, one that failed does not. */
  private sayReady(conversation: string): void {
    for (const item of this.store.get()) {
      if (item.conversation !== conversation || !item.sent || item.fault) continue;
      if (!item.file) return;
      this.options.say(conversation, { type: item.file.media_type.startsWith("image/") ? "image" : "file", file: item.file });
      this.forget(item.id);
    }
  }

  private patch(id: string, part: Partial<UploadItem>): void {
    this.store.set((all) => all.map((it) => (it.id === id ? { ...it, ...part } : it)));
  }

  private forget(id: string): void {
    const item = this.store.get().find((it) => it.id === id);
    if (item?.preview) URL.revokeObjectURL(item.preview);
    this.work.delete(id);
    this.store.set((all) => all.filter((it) => it.id !== id));
  }
}

export function useUploads(uploads: Uploads, conversation: string): readonly UploadItem[] {
  return useSelect(uploads.store, (all) => all.filter((it) => it.conversation === conversation));
}
