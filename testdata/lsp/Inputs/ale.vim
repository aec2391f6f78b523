" Vim with ALE as a client: what docs/editors.md says to put into the configuration works. Prints a line per step; the first that does
" not come true ends it.
set nocompatible
filetype on

function! Say(text) abort
  call writefile([a:text], $REPORT, 'a')
endfunction

function! Fail(text) abort
  call Say('not ok: ' . a:text)
  cquit!
endfunction

" ALE's list of this buffer, as the places and texts of findings.
function! Found() abort
  return map(copy(ale#engine#GetLoclist(bufnr(''))), {_, f -> f.lnum . ':' . f.col . ': ' . f.text})
endfunction

function! Wait(what, condition) abort
  let l:began = reltime()
  while !a:condition()
    if reltimefloat(reltime(l:began)) > 60
      call Fail(a:what . ': ' . string(Found()))
    endif
    sleep 50m
  endwhile
  call Say('ok: ' . a:what)
endfunction

" ALE turns the compiler's kind of quotes around names into its own.
function! Shown() abort
  return filter(Found(), {_, text -> text =~# '^5:18: the job \S\+ made by job_start is not released on every path'})
endfunction

try
  packadd ale
  source $SETTINGS
  execute 'edit' fnameescape($FILE)
  call Wait('the finding appears', {-> len(Shown()) == 1})
  if len(Found()) != 1
    call Fail('there are others: ' . string(Found()))
  endif
  if $SAVED ==# ''
    call setline(6, ["\tif (quick) {", "\t\tjob_end(j);"])
    call append(7, ["\t\treturn -1;", "\t}"])
    call ale#Queue(0)
    call Wait('a change makes it vanish', {-> empty(Found())})
  else
    execute '%delete' | call setline(1, readfile($SAVED)) | write
    call Wait('a change that is saved makes it vanish', {-> empty(Found())})
  endif
catch
  call Fail(v:exception . ' at ' . v:throwpoint)
endtry
qall!
