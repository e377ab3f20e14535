"""A run's reports, all made of the one summary: terminal, JSON, Markdown, HTML, JUnit, Allure, GitHub."""
