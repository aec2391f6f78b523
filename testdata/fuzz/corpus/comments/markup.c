// cancelint-allow(x): [31m </script>
{{{{
"