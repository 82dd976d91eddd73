"""The setup of a new site: its first owner, made by a link that the server prints."""
