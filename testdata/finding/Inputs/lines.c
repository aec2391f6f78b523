int a;
int a;
 
	intÃ© b; /* ğŸ˜€ æ¼¢ */
int a;
int a;

}
ÿâ‚x
