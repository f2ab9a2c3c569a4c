// A picture in its place, whose room is kept while it loads; pressing it opens it large.

import { lazy, Suspense, useState } from "react";
import { Icon, api, texts } from "@rapport/ui";
import type { Attachment } from "@rapport/ui";

const Lightbox = lazy(() => import("./lightbox.tsx"));

const t = texts({
  open: { zh: "放大图片：{name}", en: "Enlarge {name}" },
  failed: { zh: "图片无法显示，点击下载", en: "Cannot be shown; press to download" },
});

const WIDTH_MAX = 300;
const HEIGHT_MAX = 260;

export function Picture({ file }: { file: Attachment }) {
  const [large, setLarge] = useState(false);
  const [failed, setFailed] = useState(false);
  const url = api.fileUrl(file.blob);
  if (failed) {
    return (
      <a className="dk-file" href={url} download={file.name}>
        <Icon name="image" size={20} />
        <span className="dk-file-text">
          <b>{file.name}</b>
          <small>{t("failed")}</small>
        </span>
      </a>
    );
  }
  const scale = file.width && file.height ? Math.min(1, WIDTH_MAX / file.width, HEIGHT_MAX / file.height) : undefined;
  const size = scale === undefined || !file.width || !file.height ? {} : { width: Math.round(file.width * scale), aspectRatio: `${file.width} / ${file.height}` };
  return (
    <>
      <button type="button" className="dk-picture" style={size} onClick={() => setLarge(true)} aria-label={t("open", { name: file.name })} data-testid="picture">
        <img src={url} alt={file.name} loading="lazy" decoding="async" onError={() => setFailed(true)} />
      </button>
      {large ? (
        <Suspense fallback={null}>
          <Lightbox file={file} url={url} onClose={() => setLarge(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
