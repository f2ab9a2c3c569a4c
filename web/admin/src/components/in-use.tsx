// Why something cannot be deleted yet: who uses it, each with a link to where that is changed.

import { Button, Dialog, texts } from "@rapport/ui";
import { words } from "../shell/words.ts";

const t = texts({
  title: { zh: "“{name}”正在使用，暂时不能删除", en: "“{name}” is in use and cannot be deleted yet" },
});

export interface User {
  id: string;
  name: string;
  href: string;
}

export function InUseDialog({ name, text, users, onClose }: { name: string; text: string; users: User[]; onClose: () => void }) {
  return (
    <Dialog title={t("title", { name })} isOpen onClose={onClose} size="s" testId="in-use-dialog" footer={<Button onPress={onClose}>{words("done")}</Button>}>
      <p>{text}</p>
      <ul className="ad-users">
        {users.map((user) => (
          <li key={user.id}>
            <a href={user.href}>{user.name}</a>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
