"""The bundled model by onnxruntime: its files, its graph, its tokenizer, its encoder."""
