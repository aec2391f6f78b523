/* cancelint-allow(x)


