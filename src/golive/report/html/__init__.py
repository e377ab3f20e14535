"""The go-live page: `report.html`, one file that a release manager opens by a double click and decides by.

It is made of `summary.json` alone, so it can be made again at any time and says nothing that is not there too.
`view` turns the summary into what the page shows, `render` fills the template and reads the runs before it. What an API
answered is hostile input: the template escapes everything.
"""
