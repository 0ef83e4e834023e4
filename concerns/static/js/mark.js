// Tells the style sheet that scripts run, before anything is drawn. A file of its own: no script stands in a page.
document.documentElement.classList.add("js-enabled", "govuk-frontend-supported");
