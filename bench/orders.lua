-- Orders one unit at a time, each with a key of its own.
-- Arguments: what the keys of this run begin with; tokens; skus (both separated by commas).

local prefix, tokens, skus, number = "", {}, {}, 0

local function split(text)
  local parts = {}
  for part in string.gmatch(text, "[^,]+") do parts[#parts + 1] = part end
  return parts
end

function init(arguments)
  prefix, tokens, skus = arguments[1], split(arguments[2]), split(arguments[3])
end

function request()
  number = number + 1
  local headers = {
    ["Authorization"] = "Bearer " .. tokens[number % #tokens + 1],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = prefix .. number,
  }
  local body = '{"lines":[{"sku":"' .. skus[number % #skus + 1] .. '","quantity":1}]}'
  return wrk.format("POST", nil, headers, body)
end
