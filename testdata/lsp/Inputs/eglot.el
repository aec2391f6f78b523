;;; eglot.el --- Emacs with Eglot as a client  -*- lexical-binding: t -*-
;;; What docs/editors.md says to put into the configuration works. Prints a line per step; the first that does not come true ends it.
(require 'package)
(package-initialize)
(require 'eglot)
(load (getenv "SETTINGS") nil t t)

(defun say (text)
  (princ (concat text "\n")))

(defun texts ()
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun await (what condition)
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end)
        (say (concat "not ok: " what ": " (texts)))
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    (say (concat "ok: " what))))

(defun finding-p ()
  (string-match-p "the job `j` made by job_start is not released on every path" (texts)))

(defun place ()
  (let ((at (flymake-diagnostic-beg (car (flymake-diagnostics)))))
    (save-excursion
      (goto-char at)
      (cons (line-number-at-pos) (- at (line-beginning-position))))))

(defun changed ()
  "Idle timers do this where somebody looks on."
  (eglot--signal-textDocument/didChange)
  (flymake-start))

(find-file (getenv "FILE"))
(call-interactively #'eglot)
(flymake-start)
(await "the finding appears" #'finding-p)
(unless (equal (place) '(5 . 17))
  (say (format "not ok: its place: %S" (place)))
  (kill-emacs 1))

(goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
(setq completing-read-function
      (lambda (_prompt actions &rest _)
        (let ((all (all-completions "" actions)))
          (or (seq-find (lambda (title) (string-match-p "silence" title)) all)
              (error "No such action: %S" all)))))
(setq last-nonmenu-event t) ; no mouse: by the name of the action
(eglot-code-actions (point) (point) nil t)
(await "an action puts a comment there"
       (lambda () (string-match-p "cancelint-allow(missing-cancel)" (buffer-string))))
(changed)
(await "which makes the file silent" (lambda () (null (flymake-diagnostics))))
(replace-regexp-in-region "[ \t]*// cancelint-allow.*" "" (point-min))
(changed)
(await "without it the finding is back" #'finding-p)
(eglot-shutdown (eglot-current-server))
(say "ok: the server ends")
