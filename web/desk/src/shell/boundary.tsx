// Keeps the rest of the desk alive when one part of it fails, for instance because its code could not be loaded.

import { Component } from "react";
import type { ReactNode } from "react";
import { ErrorState, Fault, texts } from "@rapport/ui";

const t = texts({
  broken: { zh: "这里出现了问题", en: "Something went wrong here" },
  hint: { zh: "其他部分不受影响，写下的内容都在。重试或刷新页面", en: "The rest goes on and what you wrote is kept. Try again or reload the page" },
});

export class Boundary extends Component<{ children: ReactNode }, { failed: unknown }> {
  override state = { failed: undefined as unknown };

  static getDerivedStateFromError(failed: unknown) {
    return { failed: failed ?? true };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === undefined) return this.props.children;
    const fault = new Fault({ code: "internal", message: t("broken"), hint: t("hint"), detail: String(failed) }, 500);
    return <ErrorState fault={fault} retry={() => this.setState({ failed: undefined })} />;
  }
}
