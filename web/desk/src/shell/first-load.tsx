// What stands there until the first lists are read: the outlines of the desk.

import { Logo, Skeleton, texts } from "@rapport/ui";

const t = texts({ opening: { zh: "正在打开工作台", en: "Opening the desk" } });

export function FirstLoad() {
  return (
    <main className="dk-first">
      <h1 className="ui-hidden">{t("opening")}</h1>
      <div className="dk-first-rail">
        <Logo size={30} />
      </div>
      <div className="dk-first-list">
        <Skeleton width="45%" height={20} />
        <Skeleton height={36} radius={9} />
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} className="dk-first-row">
            <Skeleton width={38} height={38} radius={19} />
            <div>
              <Skeleton width="55%" />
              <Skeleton width="85%" height={11} />
            </div>
          </div>
        ))}
      </div>
      <div className="dk-first-rest" />
    </main>
  );
}
