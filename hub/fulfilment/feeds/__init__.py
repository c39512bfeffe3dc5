"""Files of suppliers: stock, prices, acknowledgements and tracking in, purchase orders out. Pure."""
