-- Neovim as a client: what a person sees, does and gets. Prints a line per step; anything that does not come true ends it.
local cancelint, folder, log = os.getenv("CANCELINT"), os.getenv("FOLDER"), os.getenv("LOG")

local function say(text)
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

local function fail(text)
  say("not ok: " .. text)
  vim.cmd("cquit 1")
end

local function wait(what, condition)
  if not vim.wait(120000, condition, 20) then
    fail(what)
  end
  say("ok: " .. what)
end

local function read(name)
  local f = io.open(name)
  local text = f and f:read("a") or ""
  if f then f:close() end
  return text
end

local function logged(text)
  return read(log):find(text, 1, true) ~= nil
end

local config = { name = "cancelint", cmd = { cancelint, "lsp", "--log", log }, root_dir = folder }

local function attach()
  if vim.lsp.start then
    return vim.lsp.start(config)
  end
  config.id = config.id or vim.lsp.start_client(config) -- before 0.8
  vim.lsp.buf_attach_client(0, config.id)
  return config.id
end

local function codes()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, d.code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code) or "?")
  end
  return table.concat(list, " ")
end

-- ---- diagnostics appear, and go with a change ----

vim.cmd("edit " .. folder .. "/leak.c")
local id = attach()
wait("the finding appears", function() return codes() == "missing-cancel" end)
local d = vim.diagnostic.get(0)[1]
if d.lnum ~= 4 or d.col ~= 17 or d.source ~= "cancelint" then
  fail("its place: " .. vim.inspect(d))
end

local leak = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.api.nvim_buf_set_lines(0, 5, 7, false, { "\tif (quick) {", "\t\tjob_end(j);", "\t\treturn -1;", "\t}" })
wait("a change makes it vanish", function() return codes() == "" end)
vim.cmd("undo")
wait("undo brings it back", function() return codes() == "missing-cancel" end)

vim.api.nvim_buf_set_lines(0, 0, 0, false, { "int half = (" })
wait("half-typed code keeps it", function()
  return codes():find("missing-cancel", 1, true) and codes():find("not-analysed", 1, true)
end)
vim.cmd("undo")
wait("and again", function() return codes() == "missing-cancel" end)

-- ---- hover ----

vim.api.nvim_win_set_cursor(0, { 5, 20 })
local answers = vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-16"), 60000)
local text = answers and answers[id] and answers[id].result and answers[id].result.contents.value or ""
if not text:find("missing-cancel", 1, true) then
  fail("hover: " .. vim.inspect(answers))
end
say("ok: hover tells about it")

-- ---- a code action, as a person chooses it ----

local offered = {}
vim.ui.select = function(items, options, choose)
  for i, item in ipairs(items) do
    local action = item.action or item[2] or item
    offered[i] = action.title
    if action.title:find("silence", 1, true) then
      choose(item, i)
    end
  end
end
vim.lsp.buf.code_action()
wait("an action puts a comment there", function()
  return (vim.api.nvim_buf_get_lines(0, 4, 5, false)[1] or ""):find("cancelint-allow(missing-cancel)", 1, true)
end)
wait("which makes the file silent", function() return codes() == "" end)
if #offered < 2 then
  fail("what was offered: " .. vim.inspect(offered))
end

-- ---- a request is cancelled ----

vim.cmd("silent! write!")
vim.cmd("edit! " .. folder .. "/slow.c")
attach()
local about = "file://" .. folder .. "/slow.c version"
wait("a large file is analysed", function() return logged(about .. " 0: 0 diagnostics") end)
local client = vim.lsp.get_client_by_id(id)
local command = { command = "cancelint.check", arguments = { vim.uri_from_bufnr(0) } }
local ok, number
if vim.fn.has("nvim-0.11") == 1 then
  ok, number = client:request("workspace/executeCommand", command, function() end, 0)
else
  ok, number = client.request("workspace/executeCommand", command, function() end, 0)
end
wait("it is analysed once more for a request", function()
  local _, times = read(log):gsub("analysing " .. vim.pesc(about), "")
  return times == 2
end)
if vim.fn.has("nvim-0.11") == 1 then
  client:cancel_request(number)
else
  client.cancel_request(number)
end
wait("it is cancelled", function() return logged("error -32800") and logged("slow.c is ended") end)

-- ---- the end ----

vim.lsp.stop_client(id)
wait("the server ends", function() return logged("the end") end)
if logged("without having been told") then
  fail("the end was not orderly")
end
vim.cmd("quitall!")
