# complete.sh COMPLETION: what bash would offer.
source "$1"
compopt() { :; }
offer() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_cancelint cancelint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	echo "${COMPREPLY[@]}"
}
offer cancelint ch
offer cancelint check --fail-on ''
offer cancelint check --f
