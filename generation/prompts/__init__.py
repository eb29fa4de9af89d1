"""The prompt room: a library of templates, the standard for them, and what their evaluation says.

Pure: no Django, no database, no network. `templates` and `compiling` turn a shot into a prompt,
`library` is what is shipped, `rubric` says whether a template is good, `statistics` which is better.
"""
