"""The dashboard as it is served: Streamlit's app, and our door before it. `streamlit run` starts this file."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.door.routes import routes
from dashboard.door.threshold import Threshold

app = st.App(Path(__file__).with_name("app.py"), routes=routes, middleware=[Middleware(Threshold)])
