// flags: -std=c++17 -fPIC
// pkg-config: Qt5Network
/* no-deadline: what is told to stop somewhere may be so after some time: low confidence. */
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <QUrl>

bool fetch_bad(const QUrl &url)
{
	QNetworkAccessManager m;
	QNetworkRequest r(url);
	QNetworkReply *reply = m.get(r); // want: setTransferTimeout
	QEventLoop loop;
	QTimer timer;
	QObject::connect(&timer, &QTimer::timeout, &loop, &QEventLoop::quit);
	QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
	timer.start(5000);
	loop.exec();
	if (!reply->isFinished())
		reply->abort();
	return reply->error() == QNetworkReply::NoError;
}
