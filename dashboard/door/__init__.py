"""The door: plain pages and plain forms, by which people come in and leave before any of Streamlit is shown to them."""
