// What script adds to every page: focus on the error summary, counted characters, leaving without a trace.
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { leaveSafely } from "./exit.js";

leaveSafely();
document.body.classList.add("govuk-frontend-supported");
for (const Component of [ErrorSummary, SkipLink]) {
  for (const root of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) new Component(root);
}
if (document.querySelector('[data-module="govuk-character-count"]')) import("./counted.js");
