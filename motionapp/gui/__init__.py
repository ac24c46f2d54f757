"""The window. Qt is imported by the modules inside only, and analysis by none of them."""
