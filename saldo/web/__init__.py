"""Where people meet Saldo over HTTP: the widget's channel."""
