// Entry of the sign-in page.

import "@rapport/ui/styles.css";
import "./style.css";
import { createRoot } from "react-dom/client";
import { Root } from "@rapport/ui";
import { SignInPage } from "./page.tsx";

createRoot(document.getElementById("root") as HTMLElement).render(
  <Root>
    <SignInPage />
  </Root>,
);
