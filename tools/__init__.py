"""Owns what `./dev` needs beside the shell: catalogues and links. Never imported by the product."""
