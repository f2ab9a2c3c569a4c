// A picture over the whole page. A modal dialog of the browser: it keeps the focus, and Escape closes it.

import { useEffect, useRef } from "react";
import { Icon, fileSize, texts } from "@rapport/ui";
import type { Attachment } from "@rapport/ui";
import { words } from "../words.ts";

const t = texts({
  download: { zh: "下载图片", en: "Download" },
});

export default function Lightbox({ file, url, onClose }: { file: Attachment; url: string; onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => ref.current?.showModal(), []);
  return (
    <dialog ref={ref} className="dk-lightbox" aria-label={file.name} onClose={onClose} onClick={() => ref.current?.close()} data-testid="lightbox">
      <img src={url} alt={file.name} onClick={(event) => event.stopPropagation()} />
      <div className="dk-lightbox-bar" onClick={(event) => event.stopPropagation()}>
        <span className="ui-truncate">
          {file.name} · {fileSize(file.bytes)}
        </span>
        <a href={url} download={file.name} aria-label={t("download")} title={t("download")}>
          <Icon name="download" size={20} />
        </a>
        <button type="button" onClick={() => ref.current?.close()} aria-label={words("close")} title={words("close")}>
          <Icon name="close" size={20} />
        </button>
      </div>
    </dialog>
  );
}
