static int nobody(void)
{
	return 1;
}
