// flags: -std=c++17 -fPIC
// pkg-config: Qt5Network
/* A download is started with a request that has no limit; its answer may never be finished. */
#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

class Downloads : public QObject
{
      public:
	explicit Downloads(QObject *parent);
	void process_bad(const QUrl &url, const QByteArray &agent);
	void process_ok(const QUrl &url, const QByteArray &agent);

      private:
	void finished();
	QNetworkAccessManager *manager_;
};

Downloads::Downloads(QObject *parent) : QObject(parent), manager_(new QNetworkAccessManager(this))
{
	connect(manager_, &QNetworkAccessManager::finished, this, [this] { finished(); });
}

void Downloads::process_bad(const QUrl &url, const QByteArray &agent)
{
	QNetworkRequest request{url};
	request.setRawHeader("User-Agent", agent);
	request.setRawHeader("Referer", request.url().toEncoded());
	request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);

	QNetworkReply *reply = manager_->get(request); // want no-deadline: setTransferTimeout is not set
	connect(reply, &QNetworkReply::finished, this, [this] { finished(); });
}

void Downloads::process_ok(const QUrl &url, const QByteArray &agent)
{
	QNetworkRequest request{url};
	request.setRawHeader("User-Agent", agent);
	request.setRawHeader("Referer", request.url().toEncoded());
	request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
	request.setTransferTimeout();

	QNetworkReply *reply = manager_->get(request);
	connect(reply, &QNetworkReply::finished, this, [this] { finished(); });
}
