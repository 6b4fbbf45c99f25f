"""The only place that knows Streamlit and folium."""
