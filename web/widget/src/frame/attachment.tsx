// Pictures and files of messages: fetched with the visitor's token, shown from memory, never from a bare address.

import type { Attachment } from "@rapport/live";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, Tool } from "./icons.tsx";
import type { Store } from "./store.ts";

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function Picture({ store, file }: { store: Store; file: Attachment }) {
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState(false);
  const [large, setLarge] = useState(false);
  const { words } = store;
  const load = (): void => {
    setFailed(false);
    store.picture(file.blob).then(setUrl, () => setFailed(true));
  };
  useEffect(load, [file.blob]);
  const ratio = file.width && file.height ? { aspectRatio: `${file.width} / ${file.height}`, width: `min(${Math.min(240, file.width)}px, 100%)` } : {};
  if (failed)
    return (
      <button class="picture failed" onClick={load}>
        <Icon name="again" /> {words.loadFailed}
      </button>
    );
  return (
    <>
      <button class="picture" style={ratio} aria-label={`${words.openImage}: ${file.name}`} disabled={!url} onClick={() => setLarge(true)}>
        {url && <img src={url} alt={file.name || words.image} />}
      </button>
      {large && url && <Lightbox store={store} file={file} url={url} onClose={() => setLarge(false)} />}
    </>
  );
}

/** A modal dialog: the browser keeps the focus inside and closes it on Escape. */
function Lightbox({ store, file, url, onClose }: { store: Store; file: Attachment; url: string; onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => ref.current?.showModal(), []);
  const { words } = store;
  return (
    <dialog ref={ref} class="lightbox" aria-label={file.name || words.image} onClose={onClose} onClick={() => ref.current?.close()}>
      <img src={url} alt={file.name || words.image} />
      <div class="tools" onClick={(event) => event.stopPropagation()}>
        <a class="round" href={url} download={file.name} aria-label={words.download}>
          <Icon name="save" />
        </a>
        <Tool class="round" label={words.shut} icon="cross" onClick={() => ref.current?.close()} />
      </div>
    </dialog>
  );
}

export function FileCard({ store, file }: { store: Store; file: Attachment }) {
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const link = document.createElement("a");
      link.href = await store.picture(file.blob);
      link.download = file.name;
      link.click();
    } catch {
      store.say(store.words.loadFailed);
    }
    setBusy(false);
  };
  return (
    <button class="file" onClick={() => void save()} disabled={busy} aria-label={`${store.words.download}: ${file.name}`}>
      <span class="thumb">
        <Icon name="file" size={22} />
      </span>
      <span class="about">
        <b>{file.name}</b>
        <small>{bytesText(file.bytes)}</small>
      </span>
      <Icon name="save" size={18} />
    </button>
  );
}
