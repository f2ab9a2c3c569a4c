// A file that was sent before its upload ended: where it will stand, with how far it is.

import { Button, Icon, fileSize, texts } from "@rapport/ui";
import { useUploader } from "../state/context.ts";
import type { UploadItem } from "../state/uploads.ts";

const t = texts({
  uploading: { zh: "正在上传 {percent}%", en: "Uploading {percent}%" },
  cancel: { zh: "取消", en: "Cancel" },
  retry: { zh: "重试", en: "Try again" },
});

export function UploadingView({ item }: { item: UploadItem }) {
  const uploads = useUploader();
  const percent = Math.round(item.part * 100);
  return (
    <article className="dk-message" data-side="end" data-look="agent" data-mine="true" data-last="true" data-testid="uploading">
      <span className="dk-face-gap" />
      <div className="dk-message-body">
        <div className="dk-bubble dk-uploading">
          {item.preview ? <img src={item.preview} alt="" /> : <Icon name="file" size={20} />}
          <span className="dk-file-text">
            <b>{item.name}</b>
            <small>{item.fault ? item.fault.message : `${t("uploading", { percent })} · ${fileSize(item.bytes)}`}</small>
            {item.fault ? null : <progress max={100} value={percent} aria-label={t("uploading", { percent })} />}
          </span>
          {item.fault ? (
            <Button size="s" onPress={() => uploads.retry(item.id)}>
              {t("retry")}
            </Button>
          ) : null}
          <Button size="s" kind="quiet" icon="close" aria-label={t("cancel")} onPress={() => uploads.remove(item.id)} />
        </div>
      </div>
    </article>
  );
}
