// Counts the characters of fields that have a limit: fetched by main.js on a page that has such a field.
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";

for (const root of document.querySelectorAll('[data-module="govuk-character-count"]')) new CharacterCount(root);
