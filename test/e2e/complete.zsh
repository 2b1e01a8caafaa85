# Types the line $2 in a terminal of its own, with the completion of the file $1, and prints the line after each press
# of the key: every press puts the next match in, until the first comes again.
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
say() { zpty -w shell "$1" }
say "PS1= PS2= RPROMPT= HISTFILE= ; setopt menu_complete; unset zle_bracketed_paste; stty -echo"
say "autoload -Uz compinit; compinit -D -u; source ${(q)1}"
say "tell() { print -r -- \"<<\$BUFFER>>\" }; zle -N tell; bindkey '^X' tell; print ready-\$((1 + 1))"
zpty -r -m shell output '*ready-2*'
zpty -w -n shell "$2"
first=
for press in {1..20}; do
  zpty -w -n shell $'\t\x18'
  zpty -r -m shell output '*<<*>>*'
  output=${${output##*<<}%%>>*}
  [[ $output == $first || $output == $2 ]] && break
  [[ -n $first ]] || first=$output
  print -r -- $output
  # The only match: the blank after it ends the word.
  [[ $output == *' ' ]] && break
done
zpty -d shell
