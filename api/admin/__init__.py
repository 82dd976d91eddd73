"""The office: the pages in the browser from which an owner runs the site, over `/v1` alone."""
