// Files that were chosen and not sent yet, each with its progress and a way out.

import { Icon, fileSize, texts } from "@rapport/ui";
import { useUploader } from "../state/context.ts";
import type { UploadItem } from "../state/uploads.ts";

const t = texts({
  files: { zh: "待发送的文件", en: "Files to send" },
  remove: { zh: "移除 {name}", en: "Remove {name}" },
  retry: { zh: "重新上传", en: "Upload again" },
  uploading: { zh: "正在上传 {percent}%", en: "Uploading {percent}%" },
});

export function Attachments({ files }: { files: readonly UploadItem[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="dk-files" aria-label={t("files")}>
      {files.map((item) => (
        <Chosen key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Chosen({ item }: { item: UploadItem }) {
  const uploads = useUploader();
  const percent = Math.round(item.part * 100);
  return (
    <li className="dk-chosen" data-testid="attachment" data-state={item.fault ? "failed" : item.file ? "ready" : "uploading"}>
      {item.preview ? <img src={item.preview} alt="" /> : <span className="dk-file-icon"><Icon name="file" size={18} /></span>}
      <span className="dk-file-text">
        <b className="ui-truncate">{item.name}</b>
        {item.fault ? (
          <button type="button" className="dk-link dk-chosen-fault" onClick={() => uploads.retry(item.id)} title={item.fault.hint}>
            {item.fault.message} · {t("retry")}
          </button>
        ) : item.file ? (
          <small>{fileSize(item.bytes)}</small>
        ) : (
          <progress max={100} value={percent} aria-label={t("uploading", { percent })} />
        )}
      </span>
      <button type="button" className="dk-chosen-remove" aria-label={t("remove", { name: item.name })} onClick={() => uploads.remove(item.id)}>
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}
