"""Shared furniture of both doors: layouts, form fields, security headers, languages, theme colours, assets and error pages."""
