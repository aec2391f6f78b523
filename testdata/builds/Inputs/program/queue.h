struct queue;
struct queue *queue_open(int size);
void queue_close(struct queue *q);
int queue_serve(struct queue *q);
