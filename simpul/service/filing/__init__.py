"""Step 7: where is the file? The paper folder: asked for, sent, received, stored (SOP 7–14).

Each scan of a folder's label is one act and one line of its history; a tracer slip stands on the
shelf for a folder that is out. Reads and writes `filing_*`; files a record that is complete.
"""
