"""What leaders see: pages and files made of frozen releases and nothing else. Every number here is a plain sum of stored nodes, shown or hidden by the display rule."""
