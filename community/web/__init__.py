"""What pages need from Flask: access, errors, forms, fields, layout, headers, languages.

It does not know any feature.
"""
