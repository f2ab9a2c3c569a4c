// A dialog that edits one thing: asks before typed work is lost, and before a colleague's work is overwritten.

import { useEffect } from "react";
import type { ReactNode } from "react";
import { Button, Dialog, FaultNotice, toast } from "@rapport/ui";
import type { Draft } from "../shell/draft.ts";
import { leave } from "../shell/guard.ts";
import { ConflictDialog } from "../shell/leave.tsx";
import { words } from "../shell/words.ts";

export interface EditDialogProps<T> {
  title: string;
  draft: Draft<T>;
  onClose: () => void;
  children: ReactNode;
  /** Whether what is filled in can be saved. */
  canSave?: boolean;
  saveLabel?: string;
  saveTestId?: string;
  /** Said in a toast; a dialog that shows its own result says nothing. */
  savedText?: string | false;
  size?: "s" | "m" | "l" | "xl";
  side?: "end";
  readOnly?: boolean;
  testId?: string;
}

/** Mounted while it is open. */
export function EditDialog<T>({ title, draft, onClose, children, canSave = true, saveLabel = words("save"), saveTestId = "save", savedText = words("saved"), size, side, readOnly = false, testId }: EditDialogProps<T>) {
  const close = () => leave(onClose);
  const can = canSave && draft.dirty && !draft.busy;
  const done = (saved: boolean) => {
    if (!saved) return;
    if (savedText !== false) toast.good(savedText);
    onClose();
  };
  const save = async () => {
    if (can) done(await draft.save());
  };
  useEffect(() => {
    if (draft.settled) onClose();
  }, [draft.settled, onClose]);
  return (
    <>
      <Dialog
        title={title}
        isOpen
        onClose={close}
        {...(size ? { size } : {})}
        {...(side ? { side } : {})}
        {...(testId ? { testId } : {})}
        footer={
          readOnly ? (
            <Button onPress={onClose}>{words("done")}</Button>
          ) : (
            <>
              <Button onPress={close}>{words("cancel")}</Button>
              <Button kind="primary" busy={draft.busy} isDisabled={!can} onPress={() => void save()} testId={saveTestId}>
                {saveLabel}
              </Button>
            </>
          )
        }
      >
        <form
          className="ui-stack"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {children}
          <FaultNotice fault={draft.fault} />
          <button type="submit" hidden />
        </form>
      </Dialog>
      <ConflictDialog draft={draft} />
    </>
  );
}
