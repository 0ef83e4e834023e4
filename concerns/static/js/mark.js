// Tells the style sheet that scripts run, before anything is drawn, and guards the forms that a device seals: what stands
// in them is never sent as it is, not even where the script that seals failed or never came. A file of its own: no script
// stands in a page.
document.documentElement.classList.add("js-enabled", "govuk-frontend-supported");

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.seal || form.dataset.taken) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const trouble = document.getElementById("seal-trouble");
    if (trouble) {
      trouble.hidden = false;
      trouble.focus();
    }
  },
  true,
);

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-seal]")) {
    // a field without a name is in no body; radios need theirs to be one group
    for (const field of form.querySelectorAll("textarea, select, input:not([type=radio])")) {
      field.dataset.name = field.name;
      field.removeAttribute("name");
    }
    form.method = "dialog"; // outside of a dialog this sends nothing anywhere
  }
});
